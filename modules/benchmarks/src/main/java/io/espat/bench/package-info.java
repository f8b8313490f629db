/**
 * Measures the engine against the line: {@link io.espat.bench.LineBench} prints the table, the
 * classes in {@code io.espat.at} are JMH benchmarks of what is package-private there.
 */
@NullMarked
package io.espat.bench;

import org.jspecify.annotations.NullMarked;
