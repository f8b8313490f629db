package io.espat.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsConfigTest {
  private static final TestAuthority ONE = TestAuthority.create("One");
  private static final TestAuthority TWO = TestAuthority.create("Two");

  @TempDir private Path folder;

  @Test
  void aTrustFileMayHoldSeveralCertificatesAndText() throws IOException {
    Path file = folder.resolve("ca.pem");
    Files.writeString(file, "# two of them\n" + ONE.pem() + "\nand\r\n" + TWO.pem());
    TlsConfig config = TlsConfig.builder().trustFile(file).build();
    assertThat(config.anchors().own()).containsExactly(ONE.certificate(), TWO.certificate());
    assertThat(config.anchors().system()).isTrue();
  }

  @Test
  void trustFilesAddUp() throws IOException {
    TlsConfig config =
        TlsConfig.builder()
            .trustFile(ONE.writePem(folder.resolve("one.pem")))
            .trustFile(TWO.writePem(folder.resolve("two.pem")))
            .systemTrust(false)
            .build();
    assertThat(config.anchors().own()).containsExactly(ONE.certificate(), TWO.certificate());
    assertThat(config.toBuilder().build().anchors().own())
        .containsExactly(ONE.certificate(), TWO.certificate());
    assertThat(config.toBuilder().build().anchors().system()).isFalse();
  }

  @Test
  void aTrustFileThatIsOfNoUseIsNamed() throws IOException {
    Path missing = folder.resolve("missing.pem");
    assertThatThrownBy(() -> TlsConfig.builder().trustFile(missing).build())
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("missing.pem", "no such file");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");
    assertThatThrownBy(() -> TlsConfig.builder().trustFile(empty).build())
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("empty.pem", "no certificate");
    Path cut =
        Files.writeString(
            folder.resolve("cut.pem"),
            ONE.pem() + "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(() -> TlsConfig.builder().trustFile(cut).build())
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("cut.pem", "certificate 2 is malformed");
    assertThatThrownBy(() -> TlsConfig.builder().trustFile(folder).build())
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("reading trusted certificates from", folder.toString());
  }

  @Test
  void aPinMayComeWithoutItsPadding() throws IOException {
    String pin = Pins.pinOf(ONE.certificate());
    TlsConfig config = TlsConfig.builder().pin(pin.substring(0, pin.length() - 1)).build();
    assertThat(config.pins().acceptsKeyOf(ONE.certificate())).isTrue();
    assertThat(config.pins().acceptsKeyOf(TWO.certificate())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256//",
        "sha256//AAAA",
        "sha1//AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;"
      })
  void aMalformedPinIsRefused(String pin) {
    assertThatThrownBy(() -> TlsConfig.builder().pin(pin))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "xyz"})
  void aMalformedFingerprintIsRefused(String hex) {
    assertThatThrownBy(() -> TlsConfig.builder().fingerprint(hex))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFingerprintMayHaveColonsAndCapitals() throws IOException {
    String plain = Pins.fingerprintOf(ONE.certificate());
    String pairs = plain.toUpperCase(Locale.ROOT).replaceAll("(..)(?!$)", "$1:");
    TlsConfig config = TlsConfig.builder().fingerprint(pairs).build();
    assertThat(config.pins().acceptsCertificate(ONE.certificate())).isTrue();
    assertThat(config.pins().acceptsCertificate(TWO.certificate())).isFalse();
  }

  @Test
  void limitsAreChecked() {
    TlsConfig.Builder builder = TlsConfig.builder();
    assertThatThrownBy(() -> builder.handshakeTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.closeTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.versions(TlsVersion.TLS13, TlsVersion.TLS12))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.name("not a name"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
