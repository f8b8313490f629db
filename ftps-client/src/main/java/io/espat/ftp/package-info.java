/**
 * FTPS over any {@link javax.net.SocketFactory}, so that files travel where only an ESP-AT module
 * reaches.
 *
 * <p>{@link io.espat.ftp.FtpsClient} uploads, downloads and lists. {@link
 * io.espat.ftp.EspAtFtpsClient} is the same session as a Commons Net {@code FTPSClient}, for code
 * that already exists.
 */
@NullMarked
package io.espat.ftp;

import org.jspecify.annotations.NullMarked;
