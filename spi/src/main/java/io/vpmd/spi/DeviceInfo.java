// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

/**
 * A device that a driver found.
 *
 * @param device what to write behind the driver's name and a colon
 * @param description what it is and which state it is in
 */
public record DeviceInfo(String device, String description) {}
