package io.camelrump.cli;

import java.util.List;

/** Help for the command by which a migration is started. */
final class MigrationHelp {
    static final CommandText TEXT = new CommandText(
            "rump",
            List.of(
                    "rump -from redis://[user:password@]host[:port][/db] -to redis://... [options]",
                    "       rump check -from redis://... -to redis://... [options]",
                    "       rump compare -from redis://... -to redis://... [options]",
                    "       rump demo [--keys N]",
                    "       rump routes [NAME]",
                    "       rump status|pause|resume|limit|cutover|go-back|release|abort --control http://127.0.0.1:PORT"),
            List.of(
                    "Copy every key of one Redis database to another by SCAN, DUMP and RESTORE, while both stay in "
                            + "use.",
                    "The source is only read. A flag takes one or two dashes, and a space or = before its value. Sizes "
                            + "end in",
                    "kb, mb or gb (1000s) or kib, mib or gib (1024s), times in ms, s, m or h."),
            List.of(
                    "  rump -from redis://old:6379 -to redis://new:6379",
                    "  rump -from redis://old/1 -to redis://new/0 --match 'user:*' --failed-keys failed.txt",
                    "  rump check -from redis://old -to redis://new",
                    "  rump -from redis://old -to redis://new --live --until-lag 1s",
                    "  rump -from redis://old -to redis://new --checkpoint run.checkpoint --resume",
                    "  rump -from rediss://old:6380 --from-ca ca.pem -to unix:///run/redis.sock?db=1",
                    "  rump -from redis-sentinel://s1:26379,s2:26379,s3:26379/mymaster -to redis://new --live "
                            + "--until-lag 1s",
                    "  RUMP_FROM_PASSWORD=secret rump -from redis://reader@old -to redis://new --json run.json",
                    "",
                    "Passwords: --from-password-file takes precedence over a password in the address, and the address "
                            + "over",
                    "RUMP_FROM_PASSWORD; the same holds for --to. An address may hold any character as it is; if every "
                            + "%% in a",
                    "password begins %%XX, it is percent-decoded.",
                    "",
                    "The pipeline is routes/migrate.camel.yaml in the working directory if it exists, else the "
                            + "built-in copy;",
                    "rump routes prints that one.",
                    "RUMP_JAVA_OPTS adds JVM options; RUMP_DEBUG=1 prints stack traces.",
                    "",
                    "Exit codes:",
                    "    0  complete, nothing refused",
                    "    1  failed or incomplete",
                    "    2  wrong usage",
                    "    3  Java ran out of memory: raise the heap by RUMP_JAVA_OPTS=-Xmx...",
                    "    4  check: not ready",
                    "    5  compare, --verify, demo: the two sides differ",
                    "    6  finished, but some keys were refused or could not be read",
                    "    7  --live: ended, but not converged: the two sides are not known to be equal",
                    "  129, 130, 143  stopped by SIGHUP, SIGINT or SIGTERM: incomplete"));

    private MigrationHelp() {}
}
