package io.camelrump.redis;

import org.jspecify.annotations.Nullable;

/**
 * As whom to log in to a server.
 *
 * @param username ACL user; without a value, the default user
 * @param password without a value, nobody logs in
 */
public record LogIn(Credential username, Credential password) {

    /** A log-in that stays as it is. */
    public static LogIn of(@Nullable String username, @Nullable String password) {
        return new LogIn(Credential.of(username), Credential.of(password));
    }

    /** Whether another user or password may come later. */
    boolean mayChange() {
        return username.mayChange() || password.mayChange();
    }
}
