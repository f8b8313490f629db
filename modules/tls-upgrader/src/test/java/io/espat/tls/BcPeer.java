package io.espat.tls;

import io.espat.sim.TestCertificate;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.CertificateEncodingException;
import java.util.Arrays;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * A server for what the JDK's cannot be made to do: with TLS 1.3 it knows P-384 only, so it answers
 * every hello with a HelloRetryRequest; with TLS 1.2 it knows sessions by their id and has no
 * tickets.
 */
final class BcPeer {
  private final TestCertificate certificate;
  private final TlsVersion version;
  private volatile @Nullable TlsSession kept;
  private volatile boolean extendedMasterSecret = true;

  BcPeer(TestCertificate certificate, TlsVersion version) {
    this.certificate = certificate;
    this.version = version;
  }

  /** Plays a server from before RFC 7627. */
  BcPeer withoutExtendedMasterSecret() {
    extendedMasterSecret = false;
    return this;
  }

  /** Shakes hands, sends the first byte back and closes in good order. */
  void play(Socket socket) throws IOException {
    TlsServerProtocol protocol =
        new TlsServerProtocol(socket.getInputStream(), socket.getOutputStream());
    protocol.accept(new Server(new BcTlsCrypto()));
    protocol.getOutputStream().write(protocol.getInputStream().read());
    protocol.getInputStream().read();
    protocol.close();
  }

  /** Shakes hands, sends an A and then a handshake message of its own making, and waits. */
  void playWithMessage(Socket socket, byte[] message) throws IOException {
    Unruly protocol = new Unruly(socket);
    protocol.accept(new Server(new BcTlsCrypto()));
    protocol.getOutputStream().write('A');
    protocol.say(message);
    protocol.getInputStream().read();
  }

  /** Shakes hands and echoes byte by byte, with new keys on both sides before each. */
  void playWithNewKeys(Socket socket) throws IOException {
    Unruly protocol = new Unruly(socket);
    protocol.accept(new Server(new BcTlsCrypto()));
    for (int c = protocol.getInputStream().read(); c >= 0; c = protocol.getInputStream().read()) {
      protocol.renewKeys();
      protocol.getOutputStream().write(c);
    }
    protocol.close();
  }

  private static final class Unruly extends TlsServerProtocol {
    Unruly(Socket socket) throws IOException {
      super(socket.getInputStream(), socket.getOutputStream());
    }

    void say(byte[] message) throws IOException {
      safeWriteRecord(ContentType.handshake, message, 0, message.length);
    }

    /** Changes the keys to the client and asks it to change its own (RFC 8446 section 4.6.3). */
    void renewKeys() throws IOException {
      send13KeyUpdate(true);
    }
  }

  private final class Server extends DefaultTlsServer {
    private final BcTlsCrypto crypto;

    Server(BcTlsCrypto crypto) {
      super(crypto);
      this.crypto = crypto;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return version.wire().only();
    }

    @Override
    public boolean shouldUseExtendedMasterSecret() {
      return extendedMasterSecret;
    }

    @Override
    public int[] getSupportedGroups() {
      return new int[] {NamedGroup.secp384r1};
    }

    @Override
    public byte[] getNewSessionID() {
      byte[] id = new byte[32];
      crypto.getSecureRandom().nextBytes(id);
      return id;
    }

    @Override
    public @Nullable TlsSession getSessionToResume(byte[] id) {
      TlsSession known = kept;
      return known != null && Arrays.equals(known.getSessionID(), id) ? known : null;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
      super.notifyHandshakeComplete();
      if (kept == null) kept = context.getSession();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {
        CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
      };
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
      return signer();
    }

    private TlsCredentialedSigner signer() throws IOException {
      AsymmetricKeyParameter key = PrivateKeyFactory.createKey(certificate.key().getEncoded());
      CertificateEntry[] leaf = {new CertificateEntry(crypto.createCertificate(der()), null)};
      boolean contextual = version == TlsVersion.TLS13;
      return new BcDefaultTlsCredentialedSigner(
          new TlsCryptoParameters(context),
          crypto,
          key,
          new Certificate(contextual ? new byte[0] : null, leaf),
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }
  }

  private byte[] der() throws IOException {
    try {
      return certificate.certificate().getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IOException(e);
    }
  }
}
