package io.espat.interop;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callConstructor;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that hold the modules apart, read off the compiled classes of all of them. */
class ArchitectureTest {
  private static final String[] MODULES = {
    "io.espat.at", "io.espat.tls", "io.espat.smtp", "io.espat.ftp", "io.espat.sim", "io.espat.cli"
  };

  private static JavaClasses product;

  @BeforeAll
  static void readTheProduct() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.espat");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.espat.at",
        "io.espat.tls",
        "io.espat.smtp",
        "io.espat.ftp",
        "io.espat.sim",
        "io.espat.cli"
      })
  void everyModuleIsSeenByTheseRules(String name) {
    assertThat(product.stream().filter(each -> each.getPackageName().equals(name))).isNotEmpty();
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(product.stream().map(each -> each.getPackage()).distinct())
        .allMatch(
            each -> each.isAnnotatedWith("org.jspecify.annotations.NullMarked"), "is null-marked");
  }

  @Test
  void theSerialLibraryIsKnownToOneClass() {
    Set<String> users =
        product.stream()
            .filter(ArchitectureTest::usesTheSerialLibrary)
            .map(each -> each.getName().replaceFirst("\\$.*", ""))
            .collect(Collectors.toSet());
    assertThat(users).hasSize(1).allMatch(each -> each.startsWith("io.espat.at."));
  }

  @Test
  void bouncyCastleIsKnownToTheUpgraderAndTheSimulator() {
    onlyIn("org.bouncycastle..", "io.espat.tls", "io.espat.sim");
  }

  /** Whoever calls {@code SmtpClient.send(MimeMessage)} builds one: the command and its users. */
  @Test
  void jakartaMailIsKnownToTheMailClientAndToThoseWhoBuildMessages() {
    onlyIn("jakarta.mail..", "io.espat.smtp", "io.espat.cli");
    onlyIn("org.eclipse.angus..", "io.espat.smtp");
  }

  @Test
  void commonsNetIsKnownToTheFileClient() {
    onlyIn("org.apache.commons.net..", "io.espat.ftp");
  }

  @Test
  void theDemonstrationServersAreKnownToTheCommandLine() {
    onlyIn("org.apache.ftpserver..", "io.espat.cli");
    onlyIn("org.subethamail..", "io.espat.cli");
    onlyIn("picocli..", "io.espat.cli");
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.espat.at", "io.espat.tls", "io.espat.sim"})
  void theLowerModulesKnowNoSibling(String module) {
    dependsOnNothingOfOursBut(module);
  }

  @Test
  void theClientsKnowTheUpgraderAlone() {
    dependsOnNothingOfOursBut("io.espat.smtp", "io.espat.tls");
    dependsOnNothingOfOursBut("io.espat.ftp", "io.espat.tls");
  }

  @Test
  void onlyTheCommandLinePrintsAndExits() {
    noClasses()
        .that(not(resideInAPackage("io.espat.cli")))
        .should(ACCESS_STANDARD_STREAMS)
        .orShould(callMethod(System.class, "exit", int.class))
        .check(product);
  }

  /** The module resolves names; the {@code tcp:} provider reaches the module itself. */
  @Test
  void nothingAsksTheHostsResolver() {
    classes()
        .that(
            resideInAnyPackage("io.espat.at", "io.espat.tls", "io.espat.smtp", "io.espat.ftp")
                .and(not(simpleName("TcpByteStreamProvider"))))
        .should(notAskTheResolver())
        .check(product);
  }

  private static ArchCondition<JavaClass> notAskTheResolver() {
    ArchCondition<JavaClass> asks =
        callMethod(InetAddress.class, "getByName", String.class)
            .or(callMethod(InetAddress.class, "getAllByName", String.class))
            .or(callMethod(InetAddress.class, "getLocalHost"))
            .or(callMethod(InetAddress.class, "getCanonicalHostName"))
            .or(callConstructor(InetSocketAddress.class, String.class, int.class))
            .or(callConstructor(Socket.class, String.class, int.class));
    return com.tngtech.archunit.lang.conditions.ArchConditions.not(asks);
  }

  private static boolean usesTheSerialLibrary(JavaClass each) {
    return each.getDirectDependenciesFromSelf().stream()
        .anyMatch(used -> used.getTargetClass().getPackageName().startsWith("com.fazecast"));
  }

  private static void onlyIn(String library, String... modules) {
    noClasses()
        .that(not(resideInAnyPackage(modules)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(product);
  }

  private static void dependsOnNothingOfOursBut(String module, String... others) {
    noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(MODULES)
                .and(not(resideInAPackage(module)))
                .and(not(resideInAnyPackage(others))))
        .check(product);
  }
}
