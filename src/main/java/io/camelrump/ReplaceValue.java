package io.camelrump;

import io.camelrump.text.OptionLines;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Puts the body in the place of a key's value: the steps before it may have made anything of the value, and then the
 * body is the key again. The key is in a variable meanwhile.
 */
public final class ReplaceValue implements Processor {
    private String variable = "key";

    /** Name of the variable that holds the {@link DumpedKey}; {@code key} if not set. */
    public void setVariable(String name) {
        variable = OptionLines.required("variable", name);
    }

    /**
     * Makes the body the key with that value, as {@link DumpedKey#withValue} does; a key that is gone stays as it is.
     *
     * @throws UsageException if the variable holds no key
     * @throws IllegalArgumentException if no server has such a value
     */
    @Override
    public void process(Exchange exchange) {
        Object value = exchange.getMessage().getBody();
        if (!(exchange.getVariable(variable) instanceof DumpedKey key)) {
            throw new UsageException("ReplaceValue finds no key in the variable " + variable + ": set it to ${body}"
                    + " before a step makes something else of the body");
        }
        exchange.getMessage().setBody(key.withValue(value));
    }
}
