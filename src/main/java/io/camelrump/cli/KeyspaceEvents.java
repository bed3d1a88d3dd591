package io.camelrump.cli;

import io.camelrump.ChangeSource;
import io.camelrump.Changes;
import io.camelrump.cli.process.Failure;
import io.camelrump.cli.process.OtherUsers;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The route that hears of changes where the source offers no tracking; it is started beside the run's own routes. */
final class KeyspaceEvents {
    private static final Logger LOG = LoggerFactory.getLogger(KeyspaceEvents.class);
    private static final RouteFile ROUTES = RouteFile.KEYSPACE_EVENTS;

    private KeyspaceEvents() {}

    /**
     * Starts the route if the run has nothing better; without it the source is scanned again and again all the same.
     */
    static void hear(CamelContext context, Changes changes) {
        if (changes.status().by() != ChangeSource.SCANS) {
            return;
        }
        // the run has waited for its source since it began, and the file may be newer
        String objection = ROUTES.objection(OtherUsers.ofThisProcess());
        if (objection != null) {
            LOG.warn("The source's keyspace notifications are not received: {}", objection);
            return;
        }
        try {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource(ROUTES.location()));
            LOG.info("Listening to the source's keyspace notifications, if it sends any (notify-keyspace-events AE)");
        } catch (Exception e) {
            LOG.warn(
                    "The source's keyspace notifications cannot be received: {}",
                    Failure.of(e).message());
        }
    }
}
