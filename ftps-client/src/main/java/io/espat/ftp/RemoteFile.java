package io.espat.ftp;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a remote directory, from MLSD (RFC 3659 section 7) or from LIST.
 *
 * @param name the name alone, without a path
 * @param size bytes, or -1 if the server does not say
 * @param directory true for a directory
 * @param modified when it changed last, or null if the server does not say; LIST gives minutes at
 *     best, and is read as UTC
 */
public record RemoteFile(String name, long size, boolean directory, @Nullable Instant modified) {}
