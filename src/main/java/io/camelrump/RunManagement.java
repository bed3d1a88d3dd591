package io.camelrump;

import java.util.Hashtable;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ManagementAgent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MBean of a run, under its name; nothing where the context has no JMX. */
final class RunManagement {
    private static final Logger LOG = LoggerFactory.getLogger(RunManagement.class);

    private final CamelContext context;
    private final String migration;

    RunManagement(CamelContext context, String migration) {
        this.context = context;
        this.migration = migration;
    }

    /** Shows the run, in place of an earlier one of its name. JMX is no reason for a run not to start. */
    void show(ManagedRun run) {
        ManagementAgent agent = agent();
        if (agent != null) {
            try {
                agent.register(run, name(agent), true);
            } catch (JMException e) {
                LOG.warn("Run {} cannot be shown by JMX", migration, e);
            }
        }
    }

    void remove() {
        ManagementAgent agent = agent();
        if (agent != null) {
            try {
                agent.unregister(name(agent));
            } catch (JMException e) {
                LOG.warn("Run {} cannot be removed from JMX", migration, e);
            }
        }
    }

    private @Nullable ManagementAgent agent() {
        return context.getManagementStrategy().getManagementAgent();
    }

    private ObjectName name(ManagementAgent agent) throws JMException {
        // JMX takes no other type
        Hashtable<String, String> keys = new Hashtable<>();
        keys.put("context", context.getManagementName());
        keys.put("type", "services");
        keys.put("name", ObjectName.quote("rump-run-" + migration));
        return new ObjectName(agent.getMBeanObjectDomainName(), keys);
    }
}
