package io.camelrump.boot;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Gives an application the bean {@link RumpRoutes}, the refusal of wrong names, and the metadata of the properties
 * {@code rump.*} and {@code camel.component.rump.*}. The component itself, its health and its properties need no
 * configuration.
 */
@AutoConfiguration(beforeName = "org.apache.camel.spring.boot.CamelAutoConfiguration")
public class RumpAutoConfiguration {

    /** Found by Camel as a listener to the routes that are added. */
    @Bean
    @ConditionalOnMissingBean
    RumpRoutes rumpRoutes(@Value("${camel.rump.run-at-start:true}") boolean runAtStart) {
        return new RumpRoutes(runAtStart);
    }

    /** Found by Camel as a source of properties. */
    @Bean
    @ConditionalOnMissingBean
    RumpProperties rumpProperties(ConfigurableEnvironment environment) {
        return new RumpProperties(environment);
    }

    /** Apart, as not every application logs by Logback. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "ch.qos.logback.classic.turbo.TurboFilter")
    static class Logging {
        Logging() {
            RefusalLogFilter.install();
        }
    }

    /** Apart, as the annotations of its class are not there without the actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
    static class Actuator {
        @Bean
        @ConditionalOnMissingBean
        RumpActuator rumpActuator(RumpRoutes routes) {
            return new RumpActuator(routes);
        }
    }
}
