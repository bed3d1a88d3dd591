package io.camelrump;

import io.camelrump.files.FileAddress;
import io.camelrump.run.Run;
import java.util.Locale;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;

/** Begins or ends a route at an endpoint, in the way that its operation says. */
record EndpointServices(RumpEndpoint endpoint) {
    Consumer consumer(Processor processor) {
        EventListeners listeners = ((RumpComponent) endpoint.getComponent()).eventListeners();
        return switch (endpoint.getOperation()) {
            case EVENTS -> listeners.add(new EventConsumer(endpoint, processor, listeners));
            case RESTORE, COMPARE, LOOKUP -> reader(processor, listeners);
            case STATUS, PAUSE, RESUME, LIMIT, CUTOVER, GO_BACK, RELEASE, ABORT -> throw refused("from", "to");
        };
    }

    private RumpConsumer reader(Processor processor, EventListeners listeners) {
        Run run = new Run(endpoint.getMigration(), endpoint.getQueueOptions().getTargets());
        HostedRun hosted = new HostedRun(endpoint.getCamelContext(), run, endpoint.getName(), listeners);
        return new RumpConsumer(endpoint, processor, run, hosted);
    }

    Producer producer() {
        FileAddress file = endpoint.file();
        return switch (endpoint.getOperation()) {
            case RESTORE -> file == null ? new RumpProducer(endpoint) : fileWriter(file);
            case COMPARE -> file == null ? new CompareProducer(endpoint) : fileComparer();
            case LOOKUP -> new CompareProducer(endpoint);
            case STATUS, PAUSE, RESUME, LIMIT, CUTOVER, GO_BACK, RELEASE, ABORT -> new ControlProducer(endpoint);
            case EVENTS -> throw refused("to", "from");
        };
    }

    private Producer fileWriter(FileAddress file) {
        endpoint.getFileOptions().checkTarget(endpoint.getServerOptions(), endpoint.getTargetOptions());
        return new FileProducer(endpoint, file);
    }

    private Producer fileComparer() {
        throw new UsageException("operation=compare of rump:" + endpoint.getName() + "?file=" + endpoint.file()
                + ": keys are compared with a server's: read the file, and compare with the server.");
    }

    private UsageException refused(String wrong, String right) {
        String operation = endpoint.getOperation().name().toLowerCase(Locale.ROOT);
        return new UsageException("operation=" + operation + " of rump:" + endpoint.getName() + " has no meaning in "
                + wrong + ": of a route; write " + right + ": instead.");
    }
}
