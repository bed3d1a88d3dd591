package io.camelrump.backup;

import io.camelrump.files.FileAddress;

/**
 * How a file is written.
 *
 * @param overwrite whether it takes the place of one that is there already
 * @param dryRun whether nothing is written, and keys are counted alone
 * @param keepTtl whether keys keep their expiries, where the form leaves a choice
 * @param failsOnRefusal whether a key that the form cannot hold fails the run
 * @param replace whether commands replace the keys that a server has, where the form is commands
 * @param program name and version of what writes it
 */
public record FilePlan(
        FileAddress address,
        boolean overwrite,
        boolean dryRun,
        boolean failsOnRefusal,
        boolean keepTtl,
        boolean replace,
        String program) {}
