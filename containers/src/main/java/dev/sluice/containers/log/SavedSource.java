// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/**
 * Where a container's output comes from, so that a process started anew can find it again.
 *
 * @param name tells it from the container's other sources
 * @param carries what comes out of it
 * @param path of a FIFO; empty for a pipe, which has none
 * @param inode of the FIFO or pipe: it tells this one from another at the same path
 */
public record SavedSource(String name, Carries carries, String path, long inode) {}
