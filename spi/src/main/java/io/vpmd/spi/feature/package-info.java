// SPDX-License-Identifier: Apache-2.0
/** What some ports can do beyond {@link io.vpmd.spi.Port}: small interfaces asked for by class. */
package io.vpmd.spi.feature;
