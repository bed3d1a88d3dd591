package io.camelrump;

import io.camelrump.cutover.Steering;
import io.camelrump.run.ReceiptTest;
import io.camelrump.run.Run;
import java.util.Arrays;

/** A ledger of a run that has come so far, for tests of what is shown of it. */
public final class LedgerAt {
    private LedgerAt() {}

    /** A run that has just begun. */
    public static Ledger start(long sourceKeys) {
        Run run = new Run("rump", 1);
        run.report().sourceKeys(sourceKeys);
        return new Ledger(run, new Steering());
    }

    /** Some keys more, of 5 bytes of payload each, have this outcome, and the cursor stands there. */
    public static void settle(Ledger ledger, int keys, Outcome outcome, double progress) {
        String[] names = new String[keys];
        Arrays.setAll(names, i -> "k" + i);
        Outcome[] outcomes = new Outcome[keys];
        Arrays.fill(outcomes, outcome);
        ReceiptTest.answer(Pages.out(ledger.run(), names), "target", outcomes);
        ledger.run().report().progress(progress);
    }
}
