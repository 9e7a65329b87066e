// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

/**
 * What a {@link Relay} did that has not failed. A direction that ended with {@link CopyResult.End#END_OF_SOURCE} has
 * passed that end on; one that ended otherwise has not.
 *
 * @param forth what went from the one to the other, and why that ended
 * @param back what came from the other to the one, and why that ended
 */
public record RelayResult(CopyResult forth, CopyResult back) {}
