/*
 * unseen.c - what no scan of the network can see, and what would answer it:
 * one table, said once a run, so that silence about it is never taken for fine.
 */
#include "unseen.h"

const struct unseen unseen_table[] = {
	{ "queues", "Get-Queue", "" },
	{ "databases and their copies", "Get-MailboxDatabaseCopyStatus *", "" },
	{ "replication of the DAG", "Test-ReplicationHealth", "" },
	{ "health by Managed Availability", "Get-ServerHealth SERVER; Get-HealthReport SERVER", "" },
	{ "component states", "Get-ServerComponentState SERVER", "Server Component State" },
	{ "services", "Test-ServiceHealth", "Exchange Services Not Running" },
	{ "search and content index", "Get-MailboxDatabaseCopyStatus | fl *Index*", "" },
	{ "disk space and log volumes", "Get-Volume; Get-MailboxDatabase -Status", "" },
	{ "backups", "Get-MailboxDatabase -Status | fl *Backup*", "" },
	{ "state of Extended Protection", "ExchangeExtendedProtectionManagement.ps1 -ShowExtendedProtection",
	    "Extended Protection Enabled (Any VDir)" },
	{ "AMSI integration", "Get-SettingOverride | where SectionName -eq Amsi", "AMSI Enabled" },
	{ "signing of serialized PowerShell data",
	    "Get-SettingOverride | where SectionName -eq EnableSigningVerification", "SerializedDataSigning Enabled" },
	{ "LAN Manager authentication level",
	    "Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa LmCompatibilityLevel",
	    "LmCompatibilityLevel Settings" },
	{ "setting overrides", "Get-SettingOverride", "Setting Overrides Detected" },
	{ "Emergency Mitigation service", "Get-ExchangeServer | fl Mitigations*", "Exchange Emergency Mitigation Service" },
	{ "certificate of OAuth (Auth certificate)", "MonitorExchangeAuthCertificate.ps1", "Valid Auth Certificate Found" },
	{ "certificates bound to services", "Get-ExchangeCertificate | fl Services, NotAfter", "Certificate" },
	{ "antivirus exclusions", "Test-ExchAVExclusions.ps1", "" },
	{ "engine updates of the anti-malware scan", "Get-EngineUpdateInformation", "FIP-FS Update Issue Detected" },
	{ "updates of Windows, .NET and Visual C++", "Get-HotFix", ".NET Framework; Visual C++ Redistributable" },
	{ "page file, power plan, memory, network cards", "Get-CimInstance Win32_PageFileUsage", "PageFile Size; Power Plan" },
	{ "download domains (CVE-2021-1730)", "Get-OrganizationConfig | fl EnableDownloadDomains", "Download Domains Enabled" },
	{ "permissions in Active Directory", "Setup.exe /PrepareAD (compare with the schema version)", "AD Split Permissions" },
	{ "hybrid connectors and the hybrid application", "Get-HybridConfiguration; Get-SendConnector", "Organization Hybrid Enabled" },
	{ "open relay and receive connectors", "Get-ReceiveConnector | Get-ADPermission", "Open Relay Wildcard Domain" },
	{ "authentication policies of users", "Get-AuthenticationPolicy; Get-User | fl AuthenticationPolicy", "" },
	{ "Edge Transport behind a mail gateway", "Get-ExchangeServer | where IsEdgeServer", "" },
	{ "servers that are not published", "Get-ExchangeServer | fl Name, AdminDisplayVersion", "" },
	{ NULL, NULL, NULL }
};

size_t
unseen_count(void)
{
	return sizeof(unseen_table) / sizeof(unseen_table[0]) - 1;
}
