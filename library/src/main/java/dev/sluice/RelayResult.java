// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

/**
 * What a {@link Relay} did.
 *
 * @param forth what went from the one to the other, and why that ended
 * @param back what came from the other to the one, and why that ended
 */
public record RelayResult(CopyResult forth, CopyResult back) {}
