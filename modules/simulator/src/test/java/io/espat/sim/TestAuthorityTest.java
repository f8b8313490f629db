package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestAuthorityTest {
  private final TestAuthority authority = TestAuthority.create("Test CA");

  @Test
  void issuesForNamesAndAddresses() throws Exception {
    var leaf = authority.issue("mail.test", "*.mail.test", "192.0.2.7").certificate();
    leaf.checkValidity();
    leaf.verify(authority.certificate().getPublicKey());
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(2, "mail.test"), List.of(2, "*.mail.test"), List.of(7, "192.0.2.7"));
  }

  @Test
  void presentsIntermediatesWithoutTheRoot() throws Exception {
    TestAuthority intermediate = authority.intermediate("Test Intermediate");
    var issued = intermediate.issue("mail.test");
    assertThat(issued.chain()).containsExactly(issued.certificate(), intermediate.certificate());
    intermediate.certificate().verify(authority.certificate().getPublicKey());
  }

  @Test
  void makesWrongCertificatesOnRequest() {
    var expired = authority.certificate("mail.test").expired().build().certificate();
    assertThatThrownBy(expired::checkValidity).isInstanceOf(CertificateExpiredException.class);
    var early = authority.certificate("mail.test").notYetValid().build().certificate();
    assertThatThrownBy(early::checkValidity).isInstanceOf(CertificateNotYetValidException.class);
    var named = authority.certificate("mail.test").commonNameOnly().build().certificate();
    assertThat(named.getExtensionValue("2.5.29.17")).isNull();
  }
}
