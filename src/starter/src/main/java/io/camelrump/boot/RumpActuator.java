package io.camelrump.boot;

import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** {@code /actuator/rump}, where the application exposes it: the routes that wait, and their start by a POST. */
@Endpoint(id = "rump")
public final class RumpActuator {
    private final RumpRoutes routes;

    RumpActuator(RumpRoutes routes) {
        this.routes = routes;
    }

    /** Whether each route that has waited has started since. */
    @ReadOperation
    public Map<String, Boolean> started() {
        return routes.started();
    }

    /**
     * Starts the routes that wait, and returns what {@link #started} does.
     *
     * @throws Exception if one cannot start
     */
    @WriteOperation
    public Map<String, Boolean> start() throws Exception {
        routes.start();
        return routes.started();
    }
}
