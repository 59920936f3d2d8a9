// What a program for the Java platform does to find a name. Arguments: KIND NAME, repeated; a line for each: what was
// found. Services come through JNDI, everything else through InetAddress.

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

public class Lookup {
    public static void main(String[] words) {
        for (int index = 0; index + 1 < words.length; index += 2) {
            System.out.println(answer(words[index], words[index + 1]));
        }
    }

    private static String answer(String kind, String name) {
        try {
            return String.join(" ", find(kind, name));
        } catch (NameNotFoundException missing) {
            return "not found";
        } catch (UnknownHostException error) {
            return error.getMessage().endsWith("Name or service not known") ? "not found" : "failed: " + error;
        } catch (NamingException error) {
            return "failed: " + error;
        }
    }

    private static List<String> find(String kind, String name) throws UnknownHostException, NamingException {
        if (kind.equals("service")) return services(name);
        if (kind.equals("pointer")) return List.of(pointer(InetAddress.getByName(name)));
        List<String> found = new ArrayList<>();
        for (InetAddress each : InetAddress.getAllByName(name)) found.add(each.getHostAddress());
        return found;
    }

    /** Without a name the platform gives the address itself. */
    private static String pointer(InetAddress address) throws NamingException {
        String name = address.getCanonicalHostName();
        if (name.equals(address.getHostAddress())) throw new NameNotFoundException();
        return name;
    }

    private static List<String> services(String name) throws NamingException {
        Hashtable<String, String> settings = new Hashtable<>();
        settings.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        List<String> found = new ArrayList<>();
        Attribute records = new InitialDirContext(settings).getAttributes(name, new String[] {"SRV"}).get("SRV");
        if (records == null) throw new NameNotFoundException();
        for (int index = 0; index < records.size(); index++) {
            String[] parts = records.get(index).toString().split(" ");
            found.add(parts[2] + ":" + parts[3]);
        }
        return found;
    }
}
