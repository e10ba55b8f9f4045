// SPDX-License-Identifier: Apache-2.0
/** What single operations cost; one class a question. Run with {@code bench/compare jmh}. */
package io.vpmd.bench.jmh;
