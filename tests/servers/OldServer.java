/*
 * OldServer.java - a TLS server with everything that others have thrown out:
 * SSLv3, RC4, DES, 3DES, NULL, anonymous and EXPORT suites.  It shakes hands
 * until it is stopped.
 * usage: java -Djava.security.properties=FILE OldServer.java KEYSTORE
 */
import java.io.FileInputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

public class OldServer {
    static final String[] SUITES = {
        "TLS_RSA_WITH_AES_128_CBC_SHA", "SSL_RSA_WITH_3DES_EDE_CBC_SHA", "SSL_RSA_WITH_RC4_128_SHA",
        "SSL_RSA_WITH_NULL_SHA", "TLS_RSA_WITH_NULL_SHA256", "SSL_DH_anon_WITH_RC4_128_MD5",
        "SSL_RSA_WITH_DES_CBC_SHA", "SSL_RSA_EXPORT_WITH_RC4_40_MD5",
    };

    public static void main(String[] args) throws Exception {
        char[] password = "changeit".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (FileInputStream in = new FileInputStream(args[0])) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        server.setEnabledProtocols(new String[] { "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2" });
        server.setEnabledCipherSuites(SUITES);
        System.out.println(server.getLocalPort());
        System.out.flush();
        while (true) {
            SSLSocket peer = (SSLSocket) server.accept();
            new Thread(() -> {
                try (peer) {
                    peer.setSoTimeout(5000);
                    peer.startHandshake();
                } catch (java.io.IOException e) {
                    // A hello that is never followed up, as expected.
                }
            }).start();
        }
    }
}
