package io.camelrump;

import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The run that reads the server of an endpoint's name; of several, that of the endpoint's migration. */
record RunOfName(RumpEndpoint endpoint) {
    private static final Logger LOG = LoggerFactory.getLogger(RunOfName.class);

    /** @throws ControlRefusedException if there is none */
    HostedRun find() throws ControlRefusedException {
        return all().stream()
                .filter(this::is)
                .findFirst()
                .orElseThrow(() -> new ControlRefusedException(missing()))
                .current();
    }

    boolean is(HostedRun run) {
        return run.source().equals(endpoint.getName())
                && (run.ledger().migration().equals(endpoint.getMigration())
                        || all().stream()
                                        .filter(other -> other.source().equals(endpoint.getName()))
                                        .count()
                                == 1);
    }

    /** Says so where there is none yet: the name may be misspelt. */
    void warnIfNone() {
        if (all().stream().noneMatch(this::is)) {
            LOG.warn("{} Its events are awaited.", missing());
        }
    }

    private String missing() {
        List<HostedRun> all = all();
        boolean named = all.stream().anyMatch(run -> run.source().equals(endpoint.getName()));
        return "No run reads rump:" + endpoint.getName()
                + (named ? " with migration=" + endpoint.getMigration() : "")
                + "; there is " + (all.isEmpty() ? "none" : names(all)) + ".";
    }

    private List<HostedRun> all() {
        return List.copyOf(endpoint.getCamelContext().getRegistry().findByType(HostedRun.class));
    }

    private static String names(List<HostedRun> runs) {
        return runs.stream()
                .map(run ->
                        "rump:" + run.source() + "?migration=" + run.ledger().migration())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
