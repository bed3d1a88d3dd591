package io.camelrump.boot;

import java.util.Map;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes the readiness of a run part of {@code /actuator/health/readiness}, which a platform probes: Boot's group knows
 * the state of the application alone. An application that names the members of the group itself has its way.
 *
 * <p>Liveness is left as it is: no restart of the application mends a server that is away.
 */
public final class ReadinessProbe implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final String PROBES = "management.endpoint.health.probes.enabled";
    private static final String MEMBERS = "management.endpoint.health.group.readiness.include";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        if (hasProbes(environment)) {
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource("rump", Map.of(MEMBERS, "readinessState,camelReadinessState")));
        }
    }

    /** A group must not name a member that is not there. */
    private static boolean hasProbes(ConfigurableEnvironment environment) {
        boolean otherwise = CloudPlatform.KUBERNETES.isActive(environment)
                || !SpringBootVersion.getVersion().startsWith("3.");
        return environment.getProperty(PROBES, Boolean.class, otherwise);
    }
}
