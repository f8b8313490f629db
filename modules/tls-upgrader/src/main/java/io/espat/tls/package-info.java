/**
 * Switches an open, connected socket to verified TLS in mid-session. Most users need {@link
 * io.espat.tls.TlsConfig} (whom to trust) and {@link io.espat.tls.TlsUpgrader} (a connected socket
 * in, a {@link io.espat.tls.TlsSocket} out).
 */
@NullMarked
package io.espat.tls;

import org.jspecify.annotations.NullMarked;
