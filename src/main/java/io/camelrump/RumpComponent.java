package io.camelrump;

import io.camelrump.host.FailedStart;
import io.camelrump.host.WaitingProducers;
import io.camelrump.options.OptionText;
import io.camelrump.properties.ComponentConfigurer;
import io.camelrump.properties.ComponentProperties;
import io.camelrump.properties.EndpointOptions;
import io.camelrump.properties.NamedOptions;
import io.camelrump.properties.SummarySecrets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Redis by SCAN and DUMP, and writes one by RESTORE: {@code rump:name?host=...}.
 *
 * <p>What a URI leaves out is taken from properties of the application: {@code rump.name.host}, or for all endpoints
 * {@code camel.component.rump.host}.
 */
@Component("rump")
public class RumpComponent extends HealthCheckComponent implements SSLContextParametersAware {

    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether endpoints with tls=true take the TLS configuration of the Camel context, where they"
                    + " have none of their own.")
    private boolean useGlobalSslContextParameters;

    /** Options of endpoints that neither their URI nor the name of their server sets, by option. */
    private final Map<String, Object> endpointDefaults = new HashMap<>();

    private final EventListeners eventListeners = new EventListeners();
    private @Nullable WaitingProducers waitingProducers;

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        FailedStart.watch(getCamelContext());
        new SummarySecrets(getCamelContext()).hide(List.of("sentinelPassword"));
        new ComponentProperties(this).apply();
        getCamelContext().addLifecycleStrategy(waitingProducers());
        getCamelContext().addLifecycleStrategy(new StoppingRuns(eventListeners));
    }

    /** Producers of the context whose routes wait to be started. */
    WaitingProducers waitingProducers() {
        WaitingProducers known = waitingProducers;
        if (known == null) {
            known = new WaitingProducers(getCamelContext());
            waitingProducers = known;
        }
        return known;
    }

    /** Routes of the context that listen to its runs. */
    EventListeners eventListeners() {
        return eventListeners;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        try {
            return endpoint(uri, remaining, parameters);
        } catch (Exception e) {
            throw FailedStart.refused(getCamelContext(), e);
        }
    }

    private Endpoint endpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        RumpEndpoint endpoint = new RumpEndpoint(uri, this, remaining);
        OptionText.join(parameters);
        OptionText.check(parameters, new EndpointOptions(this)::typeOfOurs);
        NamedOptions.Found found = new NamedOptions(this, endpointDefaults).beside(parameters, remaining);
        Map<String, Object> named = found.values();
        endpoint.lookUp(found.logIn());
        setProperties(endpoint, parameters);
        // Camel sets the component's value of these after this, and then what is left of the parameters
        for (String late : List.of("bridgeErrorHandler", "lazyStartProducer")) {
            Object value = named.remove(late);
            if (value != null && !uri.contains(late + "=")) {
                parameters.put(late, value);
            }
        }
        setProperties(endpoint, named);
        return endpoint;
    }

    /** Takes options of endpoints too, as defaults for all. */
    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        PropertyConfigurer own = super.getComponentPropertyConfigurer();
        return own instanceof PropertyConfigurerGetter known
                ? new ComponentConfigurer(known, new EndpointOptions(this), endpointDefaults)
                : own;
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
