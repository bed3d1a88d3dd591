package io.camelrump;

import io.camelrump.options.OptionText;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;

/** Reads a Redis by SCAN and DUMP, and writes one by RESTORE: {@code rump:name?host=...}. */
@Component("rump")
public class RumpComponent extends HealthCheckComponent implements SSLContextParametersAware {

    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether endpoints with tls=true take the TLS configuration of the Camel context, where they"
                    + " have none of"
                    + " their own.")
    private boolean useGlobalSslContextParameters;

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        new ComponentProperties(this).apply();
        FailedStart.watch(getCamelContext());
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        RumpEndpoint endpoint = new RumpEndpoint(uri, this, remaining);
        OptionText.join(parameters);
        OptionText.check(parameters, new EndpointOptions(this)::typeOfOurs);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }
}
