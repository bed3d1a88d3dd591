package io.camelrump;

import io.camelrump.lanes.LaneNumbers;
import io.camelrump.lanes.LaneParts;
import io.camelrump.options.OptionText;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Spreads a page over lanes, such as the partitions of a topic, for a split: all readings of a key go in one lane, as
 * its slot says, so that their order is kept; and no page is larger than a message may be. Of the page that reports the
 * end each lane gets one.
 *
 * <p>Each page that it gives has the number of its lane in the header {@code CamelRumpLane}. A value too large for a
 * message is refused, by name: let the consumer read it in parts, with a lower {@code bigKey}.
 */
public final class SpreadPages {
    private volatile LaneParts parts = new LaneParts(1, 900_000);
    private volatile @Nullable LaneNumbers numbers;

    /**
     * Number of lanes, from 1; 1 if not set. It must stay the same while a run goes on.
     *
     * @throws UsageException if it is less than 1
     */
    public void setLanes(int lanes) {
        if (lanes < 1) {
            throw new UsageException("lanes=" + lanes + ": at least 1 lane is needed");
        }
        use(new LaneParts(lanes, parts.bytes()));
    }

    /** Number of lanes. */
    public int getLanes() {
        return parts.lanes();
    }

    /**
     * Bytes of a message at most, such as {@code 900kb}, which holds if it is not set: Kafka takes 1 MB.
     *
     * @throws UsageException if it is no size, or 0
     */
    public void setMessageBytes(String messageBytes) {
        use(new LaneParts(parts.lanes(), OptionText.bytes("messageBytes", messageBytes, parts.bytes())));
    }

    private synchronized void use(LaneParts other) {
        parts = other;
        numbers = null;
    }

    /** Bytes of a message at most, as a number without a unit. */
    public String getMessageBytes() {
        return Long.toString(parts.bytes());
    }

    /**
     * The pages of the exchange by their lanes, each as a message.
     *
     * @throws InvalidPayloadException if its body holds anything else than pages
     * @throws IllegalStateException if no run has read them
     */
    public List<Message> spread(Exchange exchange) throws InvalidPayloadException {
        LaneNumbers known = numbers();
        List<PageData> numbered = new ArrayList<>();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onFailure(Exchange failed) {
                known.giveUp(numbered);
            }
        });
        PageCodec.written(exchange);
        for (PageData page : Bodies.pages(exchange)) {
            numbered.addAll(known.number(withoutTooLarge(page)));
        }
        return numbered.stream().map(page -> message(exchange, page)).toList();
    }

    private static Message message(Exchange exchange, PageData page) {
        Message message = new DefaultMessage(exchange);
        message.setHeaders(new HashMap<>(exchange.getMessage().getHeaders()));
        message.setHeader(RumpConstants.LANE, LaneNumbers.lane(page));
        message.setBody(new Page(page));
        return message;
    }

    private synchronized LaneNumbers numbers() {
        LaneNumbers known = numbers;
        if (known == null) {
            known = new LaneNumbers(parts);
            numbers = known;
        }
        return known;
    }

    /** Refuses what no message can carry. */
    private PageData withoutTooLarge(PageData page) {
        LaneParts limit = parts;
        Map<Integer, String> causes = new HashMap<>();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < page.size(); i++) {
            if (limit.isTooLarge(page, i)) {
                causes.put(
                        i,
                        "its value, or one element of it, has " + page.payloadLength(i) + " bytes, and messageBytes is "
                                + limit.bytes() + ": raise it and the broker's limit, or lower bigKey (--big-key)");
            } else {
                left.add(i);
            }
        }
        Receipt receipt = page.receipt();
        if (causes.isEmpty() || receipt == null) {
            return page;
        }
        receipt.settlement().refuse(page, causes);
        return page.select(left.stream().mapToInt(Integer::intValue).toArray());
    }
}
