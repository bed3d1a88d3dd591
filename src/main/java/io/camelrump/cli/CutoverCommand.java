package io.camelrump.cli;

import io.camelrump.CutoverDirection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecDefaultExecutor;
import org.apache.camel.component.exec.impl.DefaultExecCommandExecutor;
import org.apache.camel.main.Main;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;

/** The command of a person that switches the clients at the barrier of a cutover, with the route that runs it. */
final class CutoverCommand {
    private static final boolean WINDOWS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

    private CutoverCommand() {}

    /** Has the route run this command in this application. */
    static void addTo(Main main, String command, RunPlan plan, CutoverDirection direction) {
        main.addInitialProperty("on-cutover.shell", WINDOWS ? "cmd" : "sh");
        main.bind("on-cutover-arguments", List.of(WINDOWS ? "/c" : "-c", command));
        main.bind("on-cutover-executor", new Executor(environment(System.getenv(), plan, direction)));
        main.addMainListener(
                new ContextListener(context -> RouteRunner.load(context, RouteFile.ON_CUTOVER.location())));
    }

    /**
     * What a command may know: the variables of this process, but for those that hold options of the run, as they may
     * hold passwords; and from where to where the clients are led.
     */
    static Map<String, String> environment(Map<String, String> own, RunPlan plan, CutoverDirection direction) {
        Map<String, String> environment = new TreeMap<>(own);
        environment.keySet().removeIf(name -> name.startsWith("RUMP_") || name.startsWith("CAMEL_"));
        environment.put("RUMP_SOURCE", plan.from().place());
        environment.put("RUMP_TARGET", plan.to().place());
        environment.put("RUMP_DIRECTION", direction.word());
        return environment;
    }

    /** Runs a command with an environment of its own. */
    private static final class Executor extends DefaultExecCommandExecutor {
        private final Map<String, String> environment;

        Executor(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        protected DefaultExecutor prepareDefaultExecutor(ExecCommand command) {
            DefaultExecutor executor = new ExecDefaultExecutor() {
                @Override
                public int execute(CommandLine line) throws IOException {
                    return execute(line, environment);
                }

                @Override
                protected Process launch(CommandLine line, Map<String, String> variables, Path folder)
                        throws IOException {
                    return new ProcessTree(super.launch(line, variables, folder));
                }
            };
            // the route judges the exit code
            executor.setExitValues(null);
            return executor;
        }
    }

    /** A process that ends with those that it has started: they would keep its output open. */
    private static final class ProcessTree extends Process {
        private final Process root;

        ProcessTree(Process root) {
            this.root = root;
        }

        @Override
        public OutputStream getOutputStream() {
            return root.getOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return root.getInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return root.getErrorStream();
        }

        @Override
        public int waitFor() throws InterruptedException {
            return root.waitFor();
        }

        @Override
        public int exitValue() {
            return root.exitValue();
        }

        @Override
        public void destroy() {
            List<ProcessHandle> started = root.descendants().toList();
            root.destroy();
            started.forEach(ProcessHandle::destroy);
        }
    }
}
