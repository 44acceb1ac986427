<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:include href="common.xsl"/>
<xsl:variable name="title">广告监测情况说明</xsl:variable>

<xsl:template match="case">
  <h1>广告监测情况说明</h1>
  <xsl:call-template name="case-number"/>
  <h2>一、监测怎样进行</h2>
  <ol>
    <li>
      <xsl:text>监测程序（</xsl:text>
      <xsl:value-of select="tool"/>
      <xsl:text>）按本单位登记的来源名单，定期访问公开的网页、应用商店介绍页，并接收网格员等移交的海报和文字材料。程序表明自己的名称和联系方式，遵守网站的 robots.txt 和访问间隔，不登录，不绕过访问限制。</xsl:text>
    </li>
    <li>每次访问的请求、响应按原字节写入存档文件（WARC，ISO 28500），每条记录带 SHA-256 摘要；未变化的页面只记录未变化的事实。发现线索的页面另由浏览器打开，保存脚本运行后的页面、首屏和整页截图。</li>
    <li>程序按规则库和统计模型比对页面文字，把疑似含有保本、无风险、保收益等承诺的段落列为线索，并写明规则、理由和所引条文。规则库、模型的摘要随线索保存。</li>
    <li>线索由审核人员逐条审看后决定。决定和其他操作首尾相接地记入摘要链，改动任何一条都会被发现。</li>
    <li>程序可能漏报，也可能误报；它只提示线索，不作认定。</li>
  </ol>
  <h2>二、发现本线索的一次监测</h2>
  <xsl:choose>
    <xsl:when test="run">
      <table class="fields">
        <tr><th scope="row">监测批次</th><td>第 <xsl:value-of select="run/@id"/> 次</td></tr>
        <tr><th scope="row">计划访问网址</th><td><xsl:value-of select="run/planned"/></td></tr>
        <tr><th scope="row">取得页面</th><td><xsl:value-of select="run/fetched"/><xsl:text>（其中与上次相同 </xsl:text><xsl:value-of select="run/unchanged"/><xsl:text>）</xsl:text></td></tr>
        <tr><th scope="row">读取文字</th><td><xsl:value-of select="run/read"/></td></tr>
        <tr><th scope="row">浏览器打开</th><td><xsl:value-of select="run/rendered"/></td></tr>
        <tr><th scope="row">robots.txt 不许访问</th><td><xsl:value-of select="run/refused"/></td></tr>
        <tr><th scope="row">未能取得</th><td><xsl:value-of select="run/failed"/></td></tr>
        <tr><th scope="row">因其他原因跳过</th><td><xsl:value-of select="run/skipped"/></td></tr>
        <tr><th scope="row">新线索</th><td><xsl:value-of select="run/findings"/></td></tr>
      </table>
    </xsl:when>
    <xsl:otherwise>
      <p>监测批次和数量：<span class="blank wide">&#160;</span></p>
    </xsl:otherwise>
  </xsl:choose>
  <h2>三、本证据包的线索</h2>
  <table>
    <thead>
      <tr>
        <th scope="col" style="width:4.5em">编号</th>
        <th scope="col">网址、首次和最近看到</th>
        <th scope="col" style="width:6em">涉嫌内容</th>
      </tr>
    </thead>
    <tbody>
      <xsl:for-each select="findings/finding">
        <tr>
          <td><xsl:value-of select="@id"/></td>
          <td>
            <xsl:apply-templates select="." mode="origin"/><br/>
            <xsl:call-template name="time"><xsl:with-param name="at" select="first-seen"/></xsl:call-template><br/>
            <xsl:call-template name="time"><xsl:with-param name="at" select="last-seen"/></xsl:call-template>
          </td>
          <td><xsl:value-of select="count(claims/claim)"/> 处</td>
        </tr>
      </xsl:for-each>
    </tbody>
  </table>
  <h2>四、所用程序、规则和模型</h2>
  <table class="fields">
    <xsl:for-each select="findings/finding[1]">
      <xsl:call-template name="row">
        <xsl:with-param name="label">发现所用程序</xsl:with-param>
        <xsl:with-param name="value" select="tool"/>
      </xsl:call-template>
      <xsl:call-template name="digest-row">
        <xsl:with-param name="label">规则库摘要</xsl:with-param>
        <xsl:with-param name="value" select="lexicon"/>
      </xsl:call-template>
      <xsl:call-template name="digest-row">
        <xsl:with-param name="label">模型摘要</xsl:with-param>
        <xsl:with-param name="value" select="model"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:call-template name="row">
      <xsl:with-param name="label">制包程序</xsl:with-param>
      <xsl:with-param name="value" select="tool"/>
    </xsl:call-template>
  </table>
  <xsl:call-template name="closing"/>
  <div class="todo">
    <p class="label">待填写</p>
    <ul>
      <xsl:call-template name="todo-number"/>
      <xsl:if test="not(run)"><li>监测批次和数量</li></xsl:if>
      <xsl:if test="not(string(office/name))"><li>单位名称</li></xsl:if>
      <li>印章</li>
    </ul>
  </div>
</xsl:template>

</xsl:stylesheet>
