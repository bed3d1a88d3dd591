package io.camelrump.compare;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;

/** The side that pages are compared with, or looked up at: a server, or a file. Not thread-safe. */
public sealed interface ComparedSide extends AutoCloseable permits ComparedServer, ComparedFile {
    /** Its name in answers. */
    String answerer();

    /** Connects, or reads what must be known before the first page. */
    void open() throws InterruptedException;

    /** Whether this page may be repaired or deleted from, and not only compared. */
    boolean mayWrite(PageData page);

    /** Asks for what the comparison of a page needs, while others are compared before it. */
    void begin(PageData page, Receipt receipt);

    /** Compares what is due of this page, and reports it to the reader. */
    void compare(PageData page, Receipt receipt) throws TransientTargetException, TargetClosedException;

    /** Whether it is still what was compared with, and nothing is left to be done, at the end of a run. */
    boolean confirm(Run run) throws TransientTargetException, TargetClosedException;

    /** Bytes that it has taken. */
    long bytesSent();

    @Override
    void close();
}
