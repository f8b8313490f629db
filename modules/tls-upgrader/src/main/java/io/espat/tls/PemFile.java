package io.espat.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the certificates of a PEM file (RFC 7468); text around the blocks is ignored. */
final class PemFile {
  private static final int LIMIT = 8 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private PemFile() {}

  static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(text(file));
    while (blocks.find()) {
      String type = blocks.group(1);
      if (!type.equals("CERTIFICATE") && !type.equals("X509 CERTIFICATE")) continue;
      found.add(certificate(file, found.size() + 1, blocks.group(2)));
    }
    if (found.isEmpty()) {
      throw new IOException("reading trusted certificates from " + file + ": no certificate in it");
    }
    return found;
  }

  private static X509Certificate certificate(Path file, int number, String base64)
      throws IOException {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException | IllegalArgumentException e) {
      throw new IOException(
          "reading trusted certificates from " + file + ": certificate " + number + " is malformed",
          e);
    }
  }

  private static String text(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LIMIT + 1);
    } catch (NoSuchFileException e) {
      throw new IOException("reading trusted certificates from " + file + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException("reading trusted certificates from " + file + ": permission denied", e);
    } catch (IOException e) {
      throw new IOException("reading trusted certificates from " + file + ": " + e.getMessage(), e);
    }
    if (bytes.length > LIMIT) {
      throw new IOException(
          "reading trusted certificates from " + file + ": more than 8 MiB is no trust file");
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
