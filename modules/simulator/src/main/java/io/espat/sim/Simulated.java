package io.espat.sim;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a JUnit class a {@link SimulatedModule} of its own, as a parameter.
 *
 * <pre>
 * &#64;Test
 * &#64;Simulated(faults = "at AT+CIPSEND #3: SEND_FAIL")
 * void aFailedSendEndsTheLink(SimulatedModule module) { ... }
 * </pre>
 *
 * <p>On a method it replaces what the class says. See {@link SimulatedModuleExtension}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(SimulatedModuleExtension.class)
public @interface Simulated {
  /** The firmware build to be. */
  Firmware firmware() default Firmware.ESP32_AT_4;

  /** Names that the module knows, each as NAME=ADDRESS with an IPv4 address. */
  String[] hosts() default {};

  /** Rules of faults, each in the form shown at {@link FaultPlan}. */
  String[] faults() default {};

  /** The seed of the faults; without one it is random and shown when the test fails. */
  long[] seed() default {};

  /** Whether the module is joined to its network when it starts. */
  boolean joined() default true;
}
