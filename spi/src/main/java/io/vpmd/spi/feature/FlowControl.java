// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

/**
 * Pause frames of IEEE 802.3 annex 31B. Settings survive stop and start. Methods throw {@link
 * io.vpmd.spi.PortException}.
 */
public interface FlowControl {
    /**
     * Settings.
     *
     * @param negotiated whether {@code receive} and {@code send} are offered to the link partner,
     *     and hold as far as it agrees; otherwise they hold whatever it thinks
     * @param receive whether received pause frames stop the transmitter
     * @param send whether pause frames are sent when the receive buffer fills up
     * @param highWaterBytes fill of the receive buffer at which they are sent
     * @param lowWaterBytes fill at which the partner is told to go on
     * @param pauseQuanta how long the partner shall stop, in units of 512 bit times, up to 65535
     */
    record Pause(
            boolean negotiated,
            boolean receive,
            boolean send,
            int highWaterBytes,
            int lowWaterBytes,
            int pauseQuanta) {}

    /** The settings. */
    Pause pause();

    /** Changes the settings. */
    void setPause(Pause wanted);

    /** What holds now: {@link #pause} unless it is negotiated. */
    Pause activePause();
}
