/**
 * The whole path against real servers and real devices, and the rules that hold the modules apart.
 *
 * <p>Classes named {@code *Test} need only a JDK and Maven. Those named {@code *IT} need root, the
 * servers that {@code servers/install} installs, and the Maven profile {@code interop}.
 */
@NullMarked
package io.espat.interop;

import org.jspecify.annotations.NullMarked;
