package io.espat.sim;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * JUnit Jupiter extension (5.9 and newer): a {@link SimulatedModule} for each test that asks for
 * one by a parameter.
 *
 * <p>The module is what {@link Simulated} on the method or its class says, or, registered with
 * {@code @RegisterExtension}, what a builder says:
 *
 * <pre>
 * &#64;RegisterExtension
 * final SimulatedModuleExtension modules =
 *     SimulatedModuleExtension.of(() -&gt; SimulatedModule.builder().fault(Fault.LOST_BYTE, 0.001));
 * </pre>
 *
 * <p>All parameters of one test, of its {@code @BeforeEach} and {@code @AfterEach} methods too, are
 * the same module; it is closed after the test. When the test fails, the seed, the rules of the
 * faults and the last lines of the conversation (payload only counted) are added to the failure as
 * a suppressed exception, which every runner prints.
 */
public final class SimulatedModuleExtension implements ParameterResolver, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SimulatedModuleExtension.class);

  private final @Nullable Supplier<SimulatedModule.Builder> builders;

  /** For {@code @ExtendWith} and {@link Simulated}. */
  public SimulatedModuleExtension() {
    builders = null;
  }

  private SimulatedModuleExtension(Supplier<SimulatedModule.Builder> builders) {
    this.builders = builders;
  }

  /**
   * Modules as a builder describes them: asked for a new one before each test; its transcript is
   * replaced. {@link Simulated} on a method goes before it.
   */
  public static SimulatedModuleExtension of(Supplier<SimulatedModule.Builder> builders) {
    return new SimulatedModuleExtension(builders);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == SimulatedModule.class
        && parameter.getDeclaringExecutable() instanceof Method
        && test.getTestMethod().isPresent();
  }

  @Override
  public SimulatedModule resolveParameter(ParameterContext parameter, ExtensionContext test) {
    ExtensionContext.Store store = test.getStore(NAMESPACE);
    TestedModule tested = store.get(TestedModule.class, TestedModule.class);
    if (tested == null) {
      tested = TestedModule.of(builder(test));
      store.put(TestedModule.class, tested);
    }
    return tested.module();
  }

  private SimulatedModule.Builder builder(ExtensionContext test) {
    Optional<Simulated> onMethod =
        AnnotationSupport.findAnnotation(test.getTestMethod(), Simulated.class);
    if (builders != null && onMethod.isEmpty()) {
      return builders.get();
    }
    return onMethod
        .or(() -> AnnotationSupport.findAnnotation(test.getTestClass(), Simulated.class))
        .map(SimulatedModuleExtension::described)
        .orElseGet(SimulatedModule::builder);
  }

  private static SimulatedModule.Builder described(Simulated as) {
    SimulatedModule.Builder builder =
        SimulatedModule.builder().firmware(as.firmware()).joined(as.joined());
    for (String host : as.hosts()) {
      int equals = host.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("a host is NAME=ADDRESS, not " + host);
      }
      builder.host(host.substring(0, equals), host.substring(equals + 1));
    }
    for (String rule : as.faults()) {
      builder.fault(rule);
    }
    for (long seed : as.seed()) {
      builder.seed(seed);
    }
    return builder;
  }

  @Override
  public void afterEach(ExtensionContext test) {
    TestedModule tested = test.getStore(NAMESPACE).remove(TestedModule.class, TestedModule.class);
    if (tested != null) {
      tested.module().close();
      test.getExecutionException().ifPresent(failure -> failure.addSuppressed(tested.told()));
    }
  }
}
