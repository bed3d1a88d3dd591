package io.camelrump;

import io.camelrump.cutover.LiveCourse;
import io.camelrump.cutover.Steering;
import io.camelrump.run.Run;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The thread that takes a live run to its cutover, from the start of its consumer to its stop. */
final class CourseThread {
    private final CamelContext context;
    private final RumpConsumer owner;
    private @Nullable LiveCourse course;
    private @Nullable ExecutorService thread;

    CourseThread(CamelContext context, RumpConsumer owner) {
        this.context = context;
        this.owner = owner;
    }

    /** Makes the course of a run whose changes are followed by now; it does not begin yet. */
    void prepare(RumpEndpoint source, Run run, Steering steering) {
        source.getCutoverOptions().checkFile();
        LiveCourse made =
                new LiveCourse(run, new EndpointSides(source, run, steering), source.getCutoverOptions(), steering);
        course = made;
        steering.course(made);
    }

    /** Begins it, if there is one. */
    void start() {
        if (course != null) {
            ExecutorService started = context.getExecutorServiceManager().newSingleThreadExecutor(owner, "live-course");
            thread = started;
            started.execute(course);
        }
    }

    void stop() {
        if (thread != null) {
            course.stop();
            context.getExecutorServiceManager().shutdownNow(thread);
            thread = null;
        }
    }
}
