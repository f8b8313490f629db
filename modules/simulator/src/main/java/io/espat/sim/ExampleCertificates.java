package io.espat.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The example certificates of the default image, made once in a JVM and only when used; like
 * Espressif's they prove nothing to anybody who does not trust their own example authority.
 */
final class ExampleCertificates {
  /** Sets {@code .0} and {@code .1}. */
  static final int SETS = 2;

  private static final class Made {
    static final List<ExampleCertificates> ALL =
        IntStream.range(0, SETS).mapToObj(ExampleCertificates::new).toList();
  }

  private final TestAuthority authority;
  private final TestCertificate server;
  private final TestCertificate client;

  private ExampleCertificates(int set) {
    authority = TestAuthority.create("ESP-AT Example CA " + set);
    server = authority.issue("esp-at-server.example");
    client = authority.certificate("esp-at-client.example").forClients().build();
  }

  /** The PEM text of one of the six namespaces. */
  static byte[] pem(String namespace, int set) {
    ExampleCertificates made = Made.ALL.get(set);
    String pem =
        switch (namespace) {
          case "server_cert" -> made.server.chainPem();
          case "server_key" -> made.server.keyPem();
          case "client_cert" -> made.client.chainPem();
          case "client_key" -> made.client.keyPem();
          default -> made.authority.pem();
        };
    return pem.getBytes(US_ASCII);
  }
}
