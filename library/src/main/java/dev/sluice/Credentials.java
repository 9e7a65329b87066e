// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

/**
 * Who is at the other end of a Unix-domain connection: see SO_PEERCRED in unix(7), and credentials(7).
 *
 * @param process the process id when it connected or listened; 0 if it lives in another pid namespace
 * @param user its user id then
 * @param group its group id then
 */
public record Credentials(int process, int user, int group) {}
