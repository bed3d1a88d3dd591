package io.camelrump.platforms;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Whether what our classes call of their hosts' libraries is in those that a host has. */
final class Linkage {
    private static final Pattern HOSTS = Pattern.compile("(redis\\.clients|org\\.apache\\.camel|org\\.slf4j)\\..*");
    /** What a host may lack, and is not loaded then. */
    private static final Pattern OPTIONAL =
            Pattern.compile("io\\.camelrump\\.(KeyspaceConnection|metrics\\.Meters)\\b.*");

    private Linkage() {}

    /** Methods, constructors and fields that are called but not there, each with a class of ours that does so. */
    static Set<String> missing(List<Path> jars) throws IOException {
        List<URL> classPath = new ArrayList<>();
        List<Path> ours = new ArrayList<>();
        for (Path jar : jars) {
            classPath.add(jar.toUri().toURL());
            if (jar.getFileName().toString().startsWith("camel-rump-")) {
                ours.add(jar);
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        try (URLClassLoader hosts =
                new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(hosts);
            Set<String> missing = new TreeSet<>();
            for (JavaClass caller : new ClassFileImporter().importPaths(ours)) {
                if (!OPTIONAL.matcher(caller.getName()).matches()) {
                    addMissing(caller, missing);
                }
            }
            return missing;
        } finally {
            thread.setContextClassLoader(own);
        }
    }

    private static void addMissing(JavaClass caller, Set<String> missing) {
        for (JavaAccess<?> access : caller.getAccessesFromSelf()) {
            if (HOSTS.matcher(access.getTargetOwner().getName()).matches()
                    && access.getTarget().resolveMember().isEmpty()) {
                missing.add(access.getTarget().getFullName() + " called by " + caller.getName());
            }
        }
    }
}
