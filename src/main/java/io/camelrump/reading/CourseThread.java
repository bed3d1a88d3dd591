package io.camelrump.reading;

import io.camelrump.cutover.LiveCourse;
import io.camelrump.cutover.RunSides;
import io.camelrump.cutover.Steering;
import io.camelrump.options.CutoverOptions;
import io.camelrump.run.Run;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The thread that takes a live run to its cutover, from the start of its consumer to its stop. */
final class CourseThread {
    private final CamelContext context;
    private final Object owner;
    private @Nullable LiveCourse course;
    private @Nullable ExecutorService thread;

    /** @param owner whose thread it is, for its name */
    CourseThread(CamelContext context, Object owner) {
        this.context = context;
        this.owner = owner;
    }

    /**
     * Makes the course of a run whose changes are followed by now; it does not begin yet.
     *
     * @throws io.camelrump.redis.RedisException a permanent one if the run could not come to its end
     */
    void prepare(CutoverOptions options, Run run, Supplier<RunSides> sides, Steering steering) {
        options.checkFile();
        LiveCourse made = new LiveCourse(run, sides.get(), options, steering);
        made.requireRights();
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
