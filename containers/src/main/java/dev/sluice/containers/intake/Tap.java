// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Descriptor;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is shown of one of a container's outputs to those who are attached. */
final class Tap {
    private final Output output;
    private volatile @Nullable Outflow outflow;
    private boolean ended;

    /** Each source of a container has a thread, and hands on what all have gathered. */
    private final ReentrantLock gathering = new ReentrantLock();

    private byte[] gathered = {};
    private int length;

    Tap(Output output) {
        this.output = output;
    }

    boolean isOpen() {
        return outflow != null;
    }

    synchronized Attachment attach(Descriptor destination) throws IOException {
        if (ended) {
            throw new IllegalStateException("the container's " + output.label() + " has ended");
        }
        Outflow flowing = outflow;
        if (flowing != null) {
            return flowing.add(destination);
        }
        Outflow fresh = new Outflow(output, this::isToGoOn);
        Attachment attachment = fresh.addFirst(destination);
        outflow = fresh;
        return attachment;
    }

    /** Asked by an outflow when all its readers have gone: a new one may have come at that moment. */
    private synchronized boolean isToGoOn(Outflow asking) {
        if (asking.hasReaders()) {
            return true;
        }
        if (outflow == asking) {
            outflow = null;
        }
        return false;
    }

    synchronized List<Attachment> live() {
        Outflow flowing = outflow;
        return flowing == null ? List.of() : flowing.live();
    }

    synchronized void end() {
        ended = true;
        Outflow flowing = outflow;
        outflow = null;
        if (flowing != null) {
            flowing.end();
        }
    }

    void gather(byte[] bytes, int from, int count, boolean newline) {
        gathering.lock();
        try {
            int needed = length + count + 1;
            if (gathered.length < needed) {
                gathered = Arrays.copyOf(gathered, Math.max(needed, gathered.length * 2));
            }
            System.arraycopy(bytes, from, gathered, length, count);
            length += count;
            if (newline) {
                gathered[length++] = '\n';
            }
        } finally {
            gathering.unlock();
        }
    }

    void flush() {
        Outflow flowing = outflow;
        if (flowing == null && gathered.length == 0) {
            return; // nobody has been there
        }
        gathering.lock();
        try {
            if (flowing == null) {
                gathered = new byte[0];
            } else if (length > 0 && !flowing.write(gathered, length)) {
                giveUp(flowing);
            }
            length = 0;
        } finally {
            gathering.unlock();
        }
    }

    private synchronized void giveUp(Outflow stuck) {
        if (outflow == stuck) {
            outflow = null;
        }
        stuck.end();
    }
}
