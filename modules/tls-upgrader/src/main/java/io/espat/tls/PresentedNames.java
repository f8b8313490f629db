package io.espat.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The names in a certificate that count: dNSName and iPAddress of its subjectAltName. */
final class PresentedNames {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  private static final int MOST_TOLD = 10;

  private final List<String> names = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();

  private PresentedNames() {}

  static PresentedNames of(X509Certificate certificate) {
    PresentedNames found = new PresentedNames();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      if (all == null) return found;
      for (List<?> each : all) {
        if (each.get(0).equals(DNS_NAME)) found.names.add((String) each.get(1));
        if (each.get(0).equals(IP_ADDRESS)) found.addresses.add((String) each.get(1));
      }
    } catch (CertificateParsingException e) {
      return new PresentedNames(); // malformed names are no names
    }
    return found;
  }

  boolean include(PeerName name) {
    return names.stream().anyMatch(name::matchesName)
        || addresses.stream().anyMatch(name::matchesAddress);
  }

  /** The first of them, for a message that stays readable. */
  String some() {
    List<String> all = all();
    String first = String.join(", ", all.subList(0, Math.min(MOST_TOLD, all.size())));
    return all.size() > MOST_TOLD ? first + " and " + (all.size() - MOST_TOLD) + " more" : first;
  }

  /** All of them, without control characters. */
  List<String> all() {
    List<String> all = new ArrayList<>(names);
    all.addAll(addresses);
    return all.stream().map(Printable::text).toList();
  }
}
