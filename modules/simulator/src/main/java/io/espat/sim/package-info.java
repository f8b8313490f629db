/**
 * An ESP-AT module made of software, and the peers and certificates that tests need.
 *
 * <p>{@link io.espat.sim.SimulatedModule} answers as the recorded firmware does and really dials;
 * {@link io.espat.sim.TestAuthority} issues certificates. Nothing here shares code with the engine
 * that it tests.
 */
@NullMarked
package io.espat.sim;

import org.jspecify.annotations.NullMarked;
