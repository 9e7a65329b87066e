// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

/**
 * What has been seen of a descriptor's other end. The kernel tells some of it once, or on another description only; so
 * it is remembered here. Each of these is set once and stays: any thread may set it, and read it without a lock.
 */
public final class PeerState {
    private volatile boolean hangupSeen;
    private volatile boolean endSeen;
    private volatile boolean urgentSeen;
    private volatile boolean ended;
    private volatile boolean reset;
    private volatile boolean nameless;

    /** To be told that an event or a wait has told of a hang-up or an error. */
    public void noteHangup() {
        hangupSeen = true;
    }

    /** Whether it may have hung up: a hint, to be checked by {@link Hangups#now} before it is believed. */
    public boolean mayHaveHungUp() {
        return hangupSeen;
    }

    /** To be told that an event has told of a hang-up or a half-close. */
    void noteEnd() {
        endSeen = true;
    }

    /** Whether it has, once, hung up or said its last word. */
    public boolean mayHaveEnded() {
        return endSeen;
    }

    /** To be told that an event has told of urgent data. */
    void noteUrgent() {
        urgentSeen = true;
    }

    /** Whether it has, once, sent urgent data, at whose mark a read ends although there is more: see tcp(7). */
    public boolean mayHaveSentUrgent() {
        return urgentSeen;
    }

    /**
     * Whether a read of nothing is the end, although no hang-up shows: it was seen on the descriptor that this was made
     * from.
     */
    public boolean isEnded() {
        return ended;
    }

    void markEnded() {
        ended = true;
    }

    /**
     * Whether a write was told ECONNRESET. The kernel tells of a reset once, whoever asks first (sk_err): a read after
     * that finds what looks like an end.
     */
    public boolean wasReset() {
        return reset;
    }

    /** Remembers a write's ECONNRESET. */
    public void noteReset() {
        reset = true;
    }

    /** Whether nobody can open the other end again after it has gone, since it has no name: a pipe of pipe(2). */
    boolean isNameless() {
        return nameless;
    }

    void markNameless() {
        nameless = true;
    }
}
