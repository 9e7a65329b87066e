// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Descriptor;
import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who reads a live container's output beside its log. Each gets what comes from the moment at which it was attached, in
 * order: lines with their newlines, as the container wrote them. One who does not keep up misses whole lines, which are
 * counted, and never holds up the log or another one.
 *
 * <p>While nobody is attached, nothing is done for them. All methods may be called by any thread.
 */
public final class Attachments {
    private final Tap stdout = new Tap(Output.STDOUT);
    private final Tap stderr = new Tap(Output.STDERR);

    /** Makes one that has nobody attached. */
    public Attachments() {}

    /**
     * Attaches a reader.
     *
     * @param output which of the outputs it gets
     * @param destination is written to, and stays the caller's, who may close it when the attachment is over
     * @return tells how it fares
     * @throws IllegalArgumentException if it gets that output already, or is a socket of messages
     * @throws IllegalStateException if the container's output has ended
     * @throws IOException if no pipe can be made
     */
    public Attachment attach(Output output, Descriptor destination) throws IOException {
        return tap(output).attach(destination);
    }

    /** {@return those that are attached now} */
    public List<Attachment> live() {
        List<Attachment> live = new ArrayList<>(stdout.live());
        live.addAll(stderr.live());
        return live;
    }

    /**
     * Says that nothing more will come: each gets what waits for it, and then is over. To be called when all intakes
     * have returned.
     */
    public void end() {
        stdout.end();
        stderr.end();
    }

    /** {@return whether somebody gets this output} */
    boolean isAnyone(Output output) {
        return tap(output).isOpen();
    }

    private Tap tap(Output output) {
        return output == Output.STDOUT ? stdout : stderr;
    }

    /** To be told of each entry; it is copied. */
    void offer(Entry entry) {
        Tap tap = tap(entry.output());
        if (tap.isOpen()) {
            tap.gather(entry.bytes(), entry.offset(), entry.length(), entry.endsLine());
        }
    }

    /** To be told of bytes that are no entry. */
    void offer(Output output, byte[] bytes, int from, int to) {
        Tap tap = tap(output);
        if (tap.isOpen()) {
            tap.gather(bytes, from, to - from, false);
        }
    }

    /** Hands on what was offered, once that is in the log. */
    void flush() {
        stdout.flush();
        stderr.flush();
    }
}
