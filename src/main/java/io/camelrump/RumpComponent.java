package io.camelrump;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;

/** Reads a Redis by SCAN and DUMP, and writes one by RESTORE: {@code rump:name?host=...}. */
@Component("rump")
public class RumpComponent extends HealthCheckComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        RumpEndpoint endpoint = new RumpEndpoint(uri, this, remaining);
        OptionText.join(parameters);
        OptionText.check(parameters);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
