package io.espat.sim;

import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** Settles what the TLS of a link is to be from what was set; loop thread only. */
final class LinkSecurity {
  /** Makes TLS of a connected socket; the handshake has then begun. */
  interface Security {
    TlsChannel over(LinkChannel socket) throws IOException;
  }

  private static final Logger LOG = LogManager.getLogger(LinkSecurity.class);

  private final Firmware firmware;
  private final Memory memory;
  private @Nullable BcTlsCrypto crypto; // made with the first link in TLS

  LinkSecurity(Firmware firmware, Memory memory) {
    this.firmware = firmware;
    this.memory = memory;
  }

  private BcTlsCrypto crypto() {
    BcTlsCrypto made = crypto;
    if (made == null) {
      made = new BcTlsCrypto(new SecureRandom());
      crypto = made;
    }
    return made;
  }

  /** Settles a link that is about to be dialled. */
  Security client(int id, String host) throws Refusal {
    Kept.SslMode mode = memory.kept().ssl[id];
    SslSettings set = memory.settings().ssl[id];
    TlsPlan plan =
        new TlsPlan(
            name(set, host),
            mode.verifies() ? authorities("client_ca", mode.authority()) : null,
            mode.identifies() ? identity("client", mode.identity()) : null,
            set.protocols,
            mode.verifies() ? null : set.sharedKey, // with an authority the key is not used
            set.suites,
            Instant.ofEpochSecond(memory.clock()));
    return socket -> new TlsChannel(socket, new ModuleTlsClient(crypto(), plan));
  }

  /** Settles the links of a server: with {@code checked} clients must prove themselves. */
  Security server(boolean checked) throws Refusal {
    TlsPlan.Identity identity = identity("server", 0);
    List<X509Certificate> authorities = checked ? authorities("server_ca", 0) : null;
    return socket -> {
      Instant clock = Instant.ofEpochSecond(memory.clock());
      TlsPlan plan = new TlsPlan(null, authorities, null, List.of(), null, List.of(), clock);
      return new TlsChannel(socket, new ModuleTlsServer(crypto(), plan, identity));
    };
  }

  /** The name to send and to look for: newer firmware takes the host's where none was set. */
  private @Nullable String name(SslSettings set, String host) {
    if (!set.commonName.isEmpty()) {
      return set.commonName;
    }
    if (!set.serverName.isEmpty()) {
      return set.serverName;
    }
    boolean literal = Resolver.literal(host) != null || host.indexOf(':') >= 0;
    return firmware.has(Trait.ERRNO) && !literal ? host : null;
  }

  private List<X509Certificate> authorities(String namespace, int index) throws Refusal {
    try {
      return Pem.certificates(pem(namespace, index));
    } catch (IOException e) {
      LOG.debug("{}.{} of the simulated module: {}", namespace, index, e.getMessage());
      throw Refusal.plain();
    }
  }

  private TlsPlan.Identity identity(String side, int index) throws Refusal {
    try {
      return TlsPlan.Identity.of(pem(side + "_cert", index), pem(side + "_key", index));
    } catch (IOException e) {
      LOG.debug("certificate {} of the simulated module's {}: {}", index, side, e.getMessage());
      throw Refusal.plain();
    }
  }

  private byte[] pem(String namespace, int index) throws IOException {
    byte[] text = memory.manufacturing().pem(namespace, index);
    if (text == null) {
      throw new IOException("nothing stored");
    }
    return text;
  }
}
