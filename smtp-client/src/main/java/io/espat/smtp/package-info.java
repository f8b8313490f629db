/**
 * Sends mail over any {@link javax.net.SocketFactory}, encrypted by STARTTLS or from the start.
 *
 * <p>Most users need {@link io.espat.smtp.SmtpClient}, the {@link io.espat.smtp.SmtpReceipt} it
 * returns and the {@link io.espat.smtp.SmtpException} it throws.
 */
@NullMarked
package io.espat.smtp;

import org.jspecify.annotations.NullMarked;
