package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Intent;
import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Which keys the target's user may not write. It is asked by an empty payload, which no server takes. */
final class KeyPatternCheck {
    private final Side target;
    private final Intent intent;

    KeyPatternCheck(Side target, Intent intent) {
        this.target = target;
        this.intent = intent;
    }

    List<Finding> findings(Collection<ByteBuffer> keys) throws IOException {
        List<Finding> findings = new ArrayList<>();
        // with other names it is not known which ones they will be
        long denied = intent.needs(Intent.Need.RENAMING) ? 0 : denied(keys);
        if (denied > 0) {
            findings.add(Finding.no(
                    "target key patterns",
                    "the user may not write " + denied + " of the keys tried",
                    "add the rule ~*, or name what it may write with --match"));
        } else if (denied(List.of(ByteBuffer.wrap("rump:tmp:".getBytes(StandardCharsets.US_ASCII)))) > 0) {
            findings.add(Finding.note(
                    "target key patterns",
                    "the user may not write temporary keys: big keys, and those that are rebuilt, would be refused",
                    "add the rule ~rump:tmp:*"));
        }
        return findings;
    }

    private long denied(Collection<ByteBuffer> keys) throws IOException {
        RedisConnection connection = target.connection();
        for (ByteBuffer key : keys) {
            connection.out().command(4).arg("RESTORE").arg(key.array()).arg("0").arg("");
        }
        connection.out().flush();
        long denied = 0;
        for (int i = 0; i < keys.size(); i++) {
            denied += connection.in().reply() instanceof ErrorReply error && error.deniesKey() ? 1 : 0;
        }
        return denied;
    }
}
